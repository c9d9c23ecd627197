import model from './constraints.json' with { type: 'json' };

/** A shape of the API model: its JSON type and the constraints AWS checks before anything else. */
export interface Shape {
  type: 'string' | 'blob' | 'integer' | 'boolean' | 'timestamp' | 'list' | 'map' | 'structure';
  shape: string;
  required?: boolean;
  /** Never to be shown in a message. */
  sensitive?: boolean;
  /** Length of strings, blobs and lists; value of integers. */
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  member?: Shape;
  key?: Shape;
  value?: Shape;
  members?: Record<string, Shape>;
}

export interface OperationModel {
  /** In the model's order. */
  input: Record<string, Shape>;
  /** Exceptions that the model lists for it. */
  errors: string[];
}

/** The model of every KMS operation, by AWS's name. */
export const operations: ReadonlyMap<string, OperationModel> = new Map(
  Object.entries(model.operations as unknown as Record<string, OperationModel>),
);
