export {
  ageHeaderLength,
  decodeIdentity,
  decodeRecipient,
  encodeIdentity,
  encodeRecipient,
  newFileKey,
  readAgeHeader,
  unwrapFileKey,
  writeAgeHeader,
  x25519,
  type AgeHeader,
  type Agreeing,
} from './age-header.ts';
export {
  openBytes,
  openPart,
  openPayload,
  sealBytes,
  sealedLength,
  sealPart,
  sealPayload,
  type SealedFacts,
  type SealedPart,
} from './age.ts';
export {
  blockCount,
  BlockFault,
  blockHasher,
  blockLength,
  blockPath,
  isBlock,
  isBlockOf,
  isPart,
  partChecker,
  rootOfLeaves,
  type BlockTree,
  type PartFacts,
  type PartPlace,
} from './blocks.ts';
export { openFileKeyStore, type FileKeyStoreOptions } from './file-keys.ts';
export {
  flatJwsText,
  isJwsSignedBy,
  isSignatureOf,
  parseFlatJws,
  prepareJws,
  readJws,
  secondsOf,
  signJws,
  type FlatJws,
  type JwsAlgorithm,
  type JwsHeader,
  type ReadJws,
  type Signer,
} from './jws.ts';
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
export { checkChain, openCms, signCms, type CmsSigner, type OpenedCms } from './cms.ts';
export {
  openTimeStamp,
  stampAuthority,
  type StampAuthority,
  type StampAuthorityOptions,
  type TimeStamp,
} from './rfc3161.ts';
export { developmentSigner, developmentStampAuthority, type DevelopmentSigner } from './rfc3161-development.ts';
export { openPkcs11KeyStore, type Pkcs11Options } from './pkcs11.ts';
export { openVaultKeyStore, startVault, type Vault, type VaultOptions } from './vault.ts';
export { combineShares, isShare, splitSecret } from './shares.ts';
export { buildCertificateRequest } from './certificate-request.ts';
