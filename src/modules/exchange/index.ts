export { exchangeMessages } from './messages/index.ts';
export { operateMessages } from './messages/operate.ts';
export { openExchange, isDurable, type Exchange, type ExchangeNeeds, type ExchangeSetting } from './exchange.ts';
export { exchangePages, type ExchangeActs, type ExchangePagesParts } from './pages/index.tsx';
export { exchangeStatus, getExchangeStatus, getTimeline, listQueue, type ExchangeStatus } from './service/operate.ts';
export { introduce, type RootCard, type Trust } from './trust/index.ts';
export * from './schema.ts';
