-- Asks for pages and now and then for an account, and tells at the end what was answered, in JSON.
local threads = {}
local asked = 0
local paths = { "/", "/info", "/privacy", "/style.css", "/qr.png" }

good, busy, bad = 0, 0, 0

function setup(thread)
  table.insert(threads, thread)
end

function request()
  asked = asked + 1
  if asked % 20 == 0 then
    return wrk.format("POST", "/new", nil, "")
  end
  return wrk.format("GET", paths[asked % #paths + 1])
end

function response(status)
  if status == 200 then
    good = good + 1
  elseif status == 429 then
    busy = busy + 1
  else
    bad = bad + 1
  end
end

function done(summary, latency)
  local sum = { good = 0, busy = 0, bad = 0 }
  for _, thread in ipairs(threads) do
    for name in pairs(sum) do
      sum[name] = sum[name] + thread:get(name)
    end
  end
  local e = summary.errors
  print(string.format(
    '{"seconds":%.3f,"good":%d,"busy":%d,"bad":%d,"broken":%d,"late":%d,"p50":%.3f,"p99":%.3f}',
    summary.duration / 1e6, sum.good, sum.busy, sum.bad, e.connect + e.read + e.write, e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
