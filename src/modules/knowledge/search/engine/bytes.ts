/** Bytes that grow, written as variable-length whole numbers: seven bits each, the smallest first. */
export class ByteWriter {
  #bytes = new Uint8Array(16);
  length = 0;

  byte(value: number): void {
    if (this.length === this.#bytes.length) {
      const wider = new Uint8Array(this.#bytes.length * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes[this.length++] = value;
  }

  number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  done(): Buffer {
    return Buffer.from(this.#bytes.buffer, 0, this.length);
  }
}

const align = 8;

type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array;

const kinds = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f32: Float32Array } as const;
type Kind = keyof typeof kinds;

function kindOf(column: Column): Kind {
  for (const kind of Object.keys(kinds) as Kind[]) if (column instanceof kinds[kind]) return kind;
  throw new Error('Not a column');
}

/** Columns and texts as one block of bytes: a list of what is in it, then each at a multiple of eight. */
export function packColumns(columns: Readonly<Record<string, Column>>, texts: unknown): Buffer {
  let at = 0;
  const entries = Object.entries(columns).map(([name, column]) => {
    const entry = { name, kind: kindOf(column), at, length: column.length };
    at += Math.ceil(column.byteLength / align) * align;
    return entry;
  });
  const head = Buffer.from(JSON.stringify({ entries, texts }));
  const start = Math.ceil((4 + head.length) / align) * align;
  const packed = Buffer.alloc(start + at);
  packed.writeUInt32LE(head.length, 0);
  head.copy(packed, 4);
  for (const { name, at: offset } of entries) {
    const column = columns[name]!;
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + offset);
  }
  return packed;
}

/** The same back. The columns look into one copy of the bytes. */
export function unpackColumns(packed: Buffer): { columns: Record<string, Column>; texts: unknown } {
  const length = packed.readUInt32LE(0);
  const { entries, texts } = JSON.parse(packed.toString('utf8', 4, 4 + length)) as {
    entries: { name: string; kind: Kind; at: number; length: number }[];
    texts: unknown;
  };
  const start = Math.ceil((4 + length) / align) * align;
  const bytes = new Uint8Array(packed.length - start);
  bytes.set(packed.subarray(start));
  const columns: Record<string, Column> = {};
  for (const { name, kind, at, length: count } of entries) columns[name] = new kinds[kind](bytes.buffer, at, count);
  return { columns, texts };
}
