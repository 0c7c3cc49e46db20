export { goodsApi } from './api.ts';
export { goodsBench } from './bench/index.ts';
export { goodsCommands } from './cli.ts';
export { compareNames } from './compare.ts';
export { goodsMessages } from './messages/index.ts';
export { goodsPages } from './pages/index.tsx';
export * from './schema/index.ts';
export { createGoods, type Goods } from './service.ts';
