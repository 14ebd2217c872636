-- Rendered by mail-supervisor: changes here are lost.
-- Tells mail-policy, through the METADATA dict, that a device has to be woken up. The names of the
-- functions are those of Dovecot's push_notification_lua plugin.

function dovecot_lua_notify_begin_txn(user)
  return { user = user }
end

function dovecot_lua_notify_event_message_new(transaction, event)
  local user = transaction.user
  local sender = string.lower(event.from_address or "")
  if sender == string.lower(user.username) then
    -- One's own device has sent it, to one's other ones: they hear of it when they look next.
    return
  end
  local mailbox = user:mailbox(event.mailbox)
  mailbox:sync()
  mailbox:metadata_set("/private/messagenew", "")
  mailbox:free()
end

function dovecot_lua_notify_end_txn(transaction)
end
