import { LogoutButton, useConnection, useLockstep, type ConnectionStatus } from "@lockstep/react";
import { Link } from "react-router";
import { Avatar } from "../ui/Avatar";
import { Mark } from "../ui/Page";
import { ThemeSwitch } from "../ui/ThemeSwitch";
import { Bell } from "./Bell";

export function Header() {
  const { workosUser, user } = useLockstep();
  const name = user?.displayName ?? workosUser?.displayName ?? "";
  return (
    <header className="dash-top">
      <Link to="/" className="brand" aria-label="Lockstep, home">
        <Mark />
        <span className="brand-name">Lockstep</span>
      </Link>
      <ConnectionLight />
      <div className="dash-tools">
        <ThemeSwitch />
        <Bell />
        <div className="who">
          <Avatar name={name} src={user?.profilePictureUrl ?? workosUser?.profilePictureUrl ?? null} />
          <span className="who-text">
            <span className="who-name">{name}</span>
            {user?.organization != null && <span className="muted small">{user.organization.name}</span>}
          </span>
        </div>
        <LogoutButton className="button button-small" data-testid="sign-out" />
      </div>
    </header>
  );
}

const LIGHTS: Readonly<Record<ConnectionStatus, string>> = {
  idle: "Not connected",
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Live",
  offline: "Offline",
};

function ConnectionLight() {
  const { status, queued } = useConnection();
  return (
    <span className={`light light-${status}`} data-testid="connection" data-status={status} role="status">
      <span className="light-dot" aria-hidden />
      {LIGHTS[status]}
      {queued > 0 && status !== "live" && ` · ${queued} waiting`}
    </span>
  );
}
