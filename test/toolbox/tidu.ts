// What these tests use of the library, from its sources.
export * from "../../packages/tidu/src/index.js";
export { ReferenceDevice } from "../../packages/tidu/src/runtime/reference.js";
