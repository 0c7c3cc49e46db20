export { openFileKeyStore, type FileKeyStoreOptions } from './file-keys.ts';
export {
  certificateKey,
  fromGroups,
  fromRecipient,
  kidOf,
  publicKeyProblem,
  toGroups,
  toRecipient,
  x25519Jwk,
} from './key-kinds.ts';
export type { KeyAlgorithm, KeyInfo, KeyStore } from './keys.ts';
export {
  buildRecord,
  checkFeed,
  isSignedBy,
  readCompact,
  signCompact,
  SignedRecord,
  verifyRecord,
  type BuiltRecord,
  type FeedCheck,
  type FindKey,
  type RecordKey,
} from './record.ts';
export {
  checkpointText,
  cosignedAt,
  cosignNote,
  isNoteSignedBy,
  noteKeyId,
  readCheckpoint,
  readNote,
  signNote,
  type Note,
  type NoteKey,
  type NoteSignature,
  type TreeHead,
} from './note.ts';
export {
  barePublicKey,
  buildDelegation,
  KeyDelegation,
  readDelegation,
  readRecordFile,
  writeRecordFile,
  type ReadRecordFile,
} from './record-file.ts';
export { dataKeyLength, seal, sealStream, unseal, unsealStream } from './seal.ts';
export { cryptoMessages } from './messages/index.ts';
export {
  buildCertificate,
  certificateSha256,
  openTlsIdentity,
  spkiSha256,
  toDerSignature,
  toPem,
  type TlsIdentity,
} from './x509.ts';
