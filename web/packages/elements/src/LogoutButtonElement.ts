import type { SessionKeeper } from "@lockstep/client";

/**
 * `<lockstep-logout-button>Sign out</lockstep-logout-button>`: there while somebody is signed in, gone otherwise.
 * Its press ends the session in every tab; a cancelable `lockstep-leave` event carries the address to go to.
 */
export function logoutButtonElement(keeper: SessionKeeper): CustomElementConstructor {
  return class extends HTMLElement {
    private readonly button = document.createElement("button");
    private stop: (() => void) | null = null;

    connectedCallback(): void {
      if (this.button.parentNode === null) {
        this.button.type = "button";
        this.button.textContent = this.textContent.trim() === "" ? "Sign out" : this.textContent;
        this.button.addEventListener("click", () => void this.press());
        this.replaceChildren(this.button);
      }
      this.stop = keeper.subscribe(() => {
        this.draw();
      });
      this.draw();
    }

    disconnectedCallback(): void {
      this.stop?.();
      this.stop = null;
    }

    private draw(): void {
      this.hidden = keeper.state().kind !== "signed-in";
    }

    private async press(): Promise<void> {
      this.button.disabled = true;
      const reply = await keeper.signOut((url) => {
        const leave = new CustomEvent("lockstep-leave", { detail: { url }, bubbles: true, cancelable: true });
        if (this.dispatchEvent(leave)) location.assign(url);
      });
      this.button.disabled = false;
      this.toggleAttribute("data-failed", reply.kind !== "ok" && reply.kind !== "signed-out");
    }
  };
}
