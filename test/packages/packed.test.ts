// The packages as npm would publish them: what is in them, what linters say, and what people's tools make of them. One
// file, since they are packed once.
import "./packed/contents.js";
import "./packed/lint.js";
import "./packed/command.js";
import "./packed/use.js";
