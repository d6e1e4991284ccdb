import { SessionKeeper } from "@lockstep/client";
import { authStatusElement } from "./AuthStatusElement";
import { logoutButtonElement } from "./LogoutButtonElement";

/**
 * Registers `<lockstep-auth-status>` and `<lockstep-logout-button>` and starts the session they show. The elements
 * have no shadow root: a page styles them as any other content.
 */
export function defineLockstepElements(keeper: SessionKeeper = new SessionKeeper()): SessionKeeper {
  customElements.define("lockstep-auth-status", authStatusElement(keeper));
  customElements.define("lockstep-logout-button", logoutButtonElement(keeper));
  keeper.start();
  return keeper;
}
