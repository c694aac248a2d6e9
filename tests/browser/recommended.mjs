// What docs/hosting.md says, word for word.

import { readFileSync } from "node:fs";

const page = readFileSync(new URL("../../docs/hosting.md", import.meta.url), "utf8");

/** The blocks of the page in a language, in their order. */
export const blocks = (language) =>
  [...page.matchAll(new RegExp("^```" + language + "\\n([^]*?)^```$", "gm"))].map(([, text]) => text);

export const [forPages, forOthers] = blocks("policy").map((text) => text.trim());

/** The policy that is recommended for a path. */
export const policyOf = (path) => (/(\/|\.html|\.pdf)$/i.test(path) ? forPages : forOthers);
