import { signInHref, type SessionKeeper } from "@lockstep/client";

/** `<lockstep-auth-status show-role>`: who is signed in, or the way to sign in. */
export function authStatusElement(keeper: SessionKeeper): CustomElementConstructor {
  return class extends HTMLElement {
    static readonly observedAttributes = ["show-role"];
    private stop: (() => void) | null = null;

    connectedCallback(): void {
      this.stop = keeper.subscribe(() => {
        this.draw();
      });
      this.draw();
    }

    disconnectedCallback(): void {
      this.stop?.();
      this.stop = null;
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.draw();
    }

    private draw(): void {
      const state = keeper.state();
      this.ariaBusy = String(state.kind === "loading");
      switch (state.kind) {
        case "loading":
          this.replaceChildren();
          return;
        case "signed-out":
          this.replaceChildren(signInLink());
          return;
        case "signed-in": {
          const { user, roles } = state.session;
          const shown = [span("name", user.displayName)];
          if (this.hasAttribute("show-role") && roles.length > 0) shown.push(span("role", roles.join(", ")));
          this.replaceChildren(...shown);
        }
      }
    }
  };
}

function signInLink(): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = signInHref({ returnTo: location.pathname });
  link.textContent = "Sign in";
  return link;
}

function span(part: string, text: string): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = `lockstep-auth-${part}`;
  element.textContent = text;
  return element;
}
