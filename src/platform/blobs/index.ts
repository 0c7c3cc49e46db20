export { folderBlobs } from './folder.ts';
export { type BlobKey, type Blobs, type StoredBlob } from './blobs.ts';
export { blobsMessages } from './messages/index.ts';
