// Starts the studio's server.
export { type Studio, type StudioOptions, serveStudio } from "./server.js";
