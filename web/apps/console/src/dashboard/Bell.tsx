import { api, useMutation, useQueryResult } from "@lockstep/react";
import { Bell as BellIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Ago } from "../ui/Ago";

/** The count of unread notifications, and the list behind it. */
export function Bell() {
  const result = useQueryResult({ query: api.notifications.mine, args: {} });
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      const inside = event.target instanceof Node && box.current?.contains(event.target) === true;
      if (event instanceof KeyboardEvent ? event.key === "Escape" : !inside) setOpen(false);
    };
    document.addEventListener("keydown", away);
    document.addEventListener("pointerdown", away);
    return () => {
      document.removeEventListener("keydown", away);
      document.removeEventListener("pointerdown", away);
    };
  }, [open]);
  const all = result.status === "success" ? result.data : [];
  const unread = all.filter((one) => !one.read).length;
  return (
    <div className="bell" ref={box}>
      <button
        type="button"
        className="button button-icon"
        aria-expanded={open}
        aria-label={unread === 0 ? "Notifications" : `Notifications, ${unread} unread`}
        onClick={() => { setOpen(!open); }}
      >
        <BellIcon size={19} aria-hidden />
        {unread > 0 && <span className="bell-count" aria-hidden>{unread > 99 ? "99+" : unread}</span>}
      </button>
      {open && (
        <div className="bell-list" role="region" aria-label="Notifications">
          {all.length === 0 ? <p className="muted">Nothing has happened yet.</p> : <List all={all} />}
        </div>
      )}
    </div>
  );
}

function List({ all }: { all: readonly { id: string; subject: string; message: string; createdAt: string; read: boolean }[] }) {
  const markRead = useMutation(api.notifications.markRead).withOptimisticUpdate((store, { id }) => {
    const list = store.getQuery(api.notifications.mine, {});
    if (list !== undefined) {
      store.setQuery(api.notifications.mine, {}, list.map((one) => (one.id === id ? { ...one, read: true } : one)));
    }
  });
  return (
    <ul>
      {all.map((one) => (
        <li key={one.id} className={one.read ? "is-read" : ""}>
          <strong>{one.subject}</strong>
          <span>{one.message}</span>
          <span className="muted small">
            <Ago at={one.createdAt} />
          </span>
          {!one.read && (
            <button type="button" className="button button-quiet" onClick={() => void markRead({ id: one.id }).catch(() => undefined)}>
              Mark as read
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
