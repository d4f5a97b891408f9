// What linters say of the packages as npm would publish them.
import "./packed/lint.js";
