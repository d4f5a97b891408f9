// The packages as npm would publish them: what is in them, and what people's tools make of them. One file, since they are
// packed once.
import "./packed/contents.js";
import "./packed/command.js";
import "./packed/use.js";
