import { useState } from "react";

/** A reference to quote when asking for help. */
export function CopyRef({ value }: { value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <p className="copy-ref">
      Reference <code>{value}</code>{" "}
      <button
        type="button"
        className="button button-quiet"
        onClick={() => void navigator.clipboard.writeText(value).then(() => { setCopied(true); }, () => undefined)}
      >
        {copied ? "Copied" : "Copy"}
      </button>
    </p>
  );
}
