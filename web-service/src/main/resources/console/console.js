"use strict";
// Without this script all pages can be read and all forms be sent; with it, they are up to date.
(() => {
  const liveness = document.getElementById("liveness");
  const regions = () => [...document.querySelectorAll("[data-live]")];

  async function page(url, options) {
    const answer = await fetch(url, {
      ...options,
      headers: { "X-Console-Live": "yes", ...(options || {}).headers },
      redirect: "error",
    });
    if (answer.status === 401) {
      throw new Error("over");
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function replace(fresh, id) {
    const there = document.getElementById(id);
    const next = fresh.getElementById(id);
    // Whoever is in there must not lose the place.
    if (!there || !next || there.innerHTML === next.innerHTML) {
      return;
    }
    const focused = document.activeElement;
    const inside = there.contains(focused) ? focused : null;
    const same = inside && (inside.getAttribute("href") || inside.className);
    const scrolled = [...there.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    there.replaceChildren(...next.childNodes);
    there.querySelectorAll(".scroll").forEach((one, i) => { one.scrollLeft = scrolled[i] || 0; });
    if (inside) {
      const again = [...there.querySelectorAll("a, button, .scroll")].find(
        (one) => (one.getAttribute("href") || one.className) === same);
      if (again) {
        again.focus({ preventScroll: true });
      }
    }
  }

  let timer = null;
  let busy = false;
  let again = false;

  function soon() {
    if (busy) {
      again = true;
    } else if (timer === null) {
      timer = setTimeout(update, 150);
    }
  }

  async function update() {
    timer = null;
    busy = true;
    try {
      const fresh = await page(location.href);
      regions().forEach((one) => replace(fresh, one.id));
      liveness.textContent = "Live";
    } catch (e) {
      liveness.textContent = e.message === "over"
        ? "Your session is over: load the page again to log in." : "Not live: web-service does not answer.";
    }
    busy = false;
    if (again) {
      again = false;
      timer = setTimeout(update, 500);
    }
  }

  if (regions().length > 0) {
    const events = new EventSource("/console/live");
    events.onopen = soon;
    events.onmessage = soon;
    events.addEventListener("end", () => { events.close(); soon(); });
    events.onerror = () => { liveness.textContent = "Not live"; };
    setInterval(() => { if (!document.hidden) { soon(); } }, 30000);
    addEventListener("pagehide", () => events.close());
  }

  for (const form of document.querySelectorAll("form[data-check]")) {
    let waiting = null;
    let asked = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const mine = ++asked;
        const fields = new URLSearchParams(new FormData(form));
        fields.set("check", "yes");
        try {
          const fresh = await page(form.action, { method: "POST", body: fields });
          if (mine === asked) {
            replace(fresh, "finding");
          }
        } catch (e) {
          liveness.textContent = "This cannot be checked now.";
        }
      }, 300);
    });
  }
})();
