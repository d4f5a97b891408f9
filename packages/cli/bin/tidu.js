#!/usr/bin/env node
// The command. In the repository, so that its run bit and the link to it outlive every build.
import "../dist/bundle/tidu.js";
