/** An error as AWS answers it: the code (`__type`), the message, the HTTP status, further members. */
export class Fault extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
    /** Members of the exception's shape beside its message. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = code;
  }
}
