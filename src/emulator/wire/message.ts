/** An HTTP request, however it arrived: over a socket or from the SDK in the same process. */
export interface WireRequest {
  method: string;
  /** Path with query string. */
  path: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** The client's address, for the audit record. */
  sourceIp?: string;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  /** Text in every protocol spoken here; UTF-8 on the wire. */
  body: string;
}

/** The embedded AWS: one pure entry, served in-process or over HTTP. */
export interface Emulator {
  handle(request: WireRequest): Promise<WireResponse>;
  /** May be called twice; leaves no open handle. */
  close(): Promise<void>;
}
