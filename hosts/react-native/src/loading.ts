// A model file as an opened model: its bytes by fetch, or however the app reads files.
import * as runtime from "onnxruntime-react-native";
import { EdgeTextError, open, type LoadedModel, type OpenOptions } from "edgetext/core";

/** The address of a file (https:, file:), or its bytes. */
export type Source = string | Uint8Array;

export interface LoadOptions extends Omit<OpenOptions, "runtime"> {
  /** How the bytes at an address are read; by default with fetch. */
  read?: (address: string) => Promise<Uint8Array>;
}

/** Load a model; EdgeTextError says what is wrong with its file. */
export async function load(
  source: Source,
  options?: LoadOptions | null,
): Promise<LoadedModel> {
  const { read, ...rest } = options ?? {};
  const isAddress = typeof source === "string";
  const name = isAddress ? source.split("/").pop() : undefined;
  const file = isAddress ? await (read ?? fetched)(source) : source;
  return open(file, { ...(name && { name }), ...rest, runtime });
}

async function fetched(address: string): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch (error) {
    throw new EdgeTextError(
      `The model "${address}" could not be read (${String(error)}); check the address.`,
    );
  }
  // A file: has no status.
  if (!response.ok && response.status) {
    throw new EdgeTextError(
      `The model "${address}" is not there (HTTP ${response.status}); check the address.`,
    );
  }
  return new Uint8Array(await response.arrayBuffer());
}
