import { useAuth } from "@lockstep/react";
import { Skeleton } from "../ui/Skeleton";
import { useSlow } from "../ui/PageSkeleton";

/** While the row is on its way: at first only its shape, then words, then what the session alone can tell. */
export function Syncing() {
  const { user } = useAuth();
  const slow = useSlow(3000);
  const late = useSlow(10_000);
  if (late && user !== null) {
    return (
      <>
        <p className="notice" role="status">
          Finishing set-up. Your row has not been written yet; until it is, this is what your session says.
        </p>
        <dl className="record">
          <dt>email</dt>
          <dd>{user.email}</dd>
          <dt>display_name</dt>
          <dd>{user.displayName}</dd>
        </dl>
      </>
    );
  }
  return (
    <>
      <Skeleton lines={7} label="Your row is loading" />
      {slow && <p className="muted small" role="status">Writing your row…</p>}
    </>
  );
}
