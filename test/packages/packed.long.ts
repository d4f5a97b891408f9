// What linters say of the packages as npm would publish them, and what tools make of them, with webpack's files made small.
import "./packed/lint.js";
import "./packed/use.js";
