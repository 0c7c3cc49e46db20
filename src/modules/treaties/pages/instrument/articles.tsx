import { BackLink, Heading, Section, SideSection, type View } from '../../../../web/index.ts';
import { digestKey } from '../../digests/index.ts';
import type { ShownReading } from '../../schema/index.ts';
import type { TreatyText } from '../../texts.ts';
import { LawPage } from '../shell.tsx';
import { ReadingLine } from '../readings.tsx';
import { packSource, shortName } from '../words.tsx';
import { InstrumentShell, type ListedInstrument } from './shell.tsx';

/** A treaty text from an installed pack, with what must stand beside every word of it. */
export interface InstalledText {
  text: TreatyText;
  pack: string;
  licence: string;
}

/** Numbers of the articles that can be shown: those of the text, else those we have a digest of. */
export function articlesOf(instrument: string, installed: InstalledText | undefined): string[] {
  if (installed) return installed.text.articles.map((one) => one.number);
  const longest = 120;
  return Array.from({ length: longest }, (_, index) => String(index + 1)).filter(
    (article) => digestKey(instrument, article) !== undefined,
  );
}

/** The nearest articles that exist, for an address that names none. */
export function nearestArticles(listed: readonly string[], asked: string): string[] {
  const wanted = Number.parseInt(asked, 10);
  if (Number.isNaN(wanted)) return listed.slice(0, 3);
  return [...listed]
    .sort((a, b) => Math.abs(Number.parseInt(a, 10) - wanted) - Math.abs(Number.parseInt(b, 10) - wanted))
    .slice(0, 3)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

function firstSentence(words: string): string {
  return /^.+?[.؟!](?=\s|$)/u.exec(words)?.[0] ?? words;
}

export interface ArticlesProps {
  view: View;
  instrument: ListedInstrument;
  declarations: number;
  installed: InstalledText | undefined;
}

function Absent({ view }: { view: View }) {
  return (
    <p class="callout">
      {view.t('law.text-absent')} <a href="/law/about#texts">{view.t('law.text-absent-how')}</a>
    </p>
  );
}

/** `/law/XVIII-12/articles`: every article with the first sentence of our digest. */
export function ArticlesPage({ view, instrument, declarations, installed }: ArticlesProps) {
  const { t } = view;
  const listed = articlesOf(instrument.id, installed);
  return (
    <InstrumentShell
      view={view}
      instrument={instrument}
      tab="text"
      declarations={declarations}
      title={t('law.tab-text')}
    >
      {installed ? <p class="source">{packSource(view, installed)}</p> : <Absent view={view} />}
      {listed.length === 0 ? <p>{t('law.digest-none-treaty')}</p> : null}
      <ol class="articles">
        {listed.map((article) => {
          const key = digestKey(instrument.id, article);
          const title = installed?.text.articles.find((one) => one.number === article)?.title;
          return (
            <li>
              <a href={`/law/${instrument.id}/${article}`}>{t('law.article-title', { article })}</a>
              <div>
                {title ? (
                  <b>
                    <bdi lang="en">{title}</bdi>
                  </b>
                ) : null}
                {key ? <p class="small muted">{firstSentence(t(key))}</p> : null}
              </div>
            </li>
          );
        })}
      </ol>
    </InstrumentShell>
  );
}

type Paragraph = TreatyText['articles'][number]['paragraphs'][number];

function Items({ items }: { items: Paragraph['items'] }) {
  if (items.length === 0) return null;
  return (
    <ol class="treaty-items">
      {items.map((item) => (
        <li>
          <span class="treaty-mark">({item.letter.replace(/[()]/g, '')})</span>
          <div>
            {item.text}
            <Items items={item.items} />
          </div>
        </li>
      ))}
    </ol>
  );
}

export interface ArticleProps extends ArticlesProps {
  article: string;
  readings: readonly ShownReading[];
}

/** `/law/XVIII-12/18`: what the article asks, in our words, its official text where a pack has it, who reserved. */
export function ArticlePage({ view, instrument, installed, article, readings }: ArticleProps) {
  const { t } = view;
  const base = `/law/${instrument.id}`;
  const listed = articlesOf(instrument.id, installed);
  const place = listed.indexOf(article);
  const found = installed?.text.articles.find((one) => one.number === article);
  const key = digestKey(instrument.id, article);
  const name = shortName(view, instrument.id, instrument.title);
  const [before, after] = [listed[place - 1], listed[place + 1]];
  return (
    <LawPage
      view={view}
      title={`${t('law.article-title', { article })} – ${name}`}
      sideLabel={t('law.article-readings')}
      side={
        <SideSection title={t('law.article-readings')}>
          {readings.length === 0 ? (
            <p class="muted">{t('law.article-readings-none')}</p>
          ) : (
            <ul class="plain-list">
              {readings.map((one) => (
                <ReadingLine view={view} reading={one} withState />
              ))}
            </ul>
          )}
        </SideSection>
      }
    >
      <BackLink href={`${base}/articles`}>{t('law.all-articles')}</BackLink>
      <Heading
        title={
          <>
            {t('law.article-title', { article })}
            {found?.title ? (
              <>
                {': '}
                <bdi lang="en">{found.title}</bdi>
              </>
            ) : null}
          </>
        }
        eyebrow={<a href={base}>{name}</a>}
      />
      <Section title={t('law.article-digest')} id="digest">
        <p class="digest">{key ? t(key) : t('law.digest-none')}</p>
        <p class="source">{t('law.digest-note')}</p>
      </Section>
      <Section title={t('law.official-text')} id="text">
        {found && installed ? (
          <>
            <div class="treaty-text" lang="en" dir="ltr">
              {found.paragraphs.map((one) => (
                <div class="treaty-para" id={one.number === null ? undefined : `p${one.number}`}>
                  <span class="treaty-mark">{one.number === null ? '' : `${one.number}.`}</span>
                  <div>
                    {one.text}
                    <Items items={one.items} />
                  </div>
                </div>
              ))}
            </div>
            <p class="source">{packSource(view, installed)}</p>
          </>
        ) : (
          <Absent view={view} />
        )}
      </Section>
      <nav class="pager" aria-label={t('law.articles-nav')}>
        {before ? (
          <a href={`${base}/${before}`} rel="prev">
            {t('law.article-title', { article: before })}
          </a>
        ) : (
          <span />
        )}
        {after ? (
          <a href={`${base}/${after}`} rel="next">
            {t('law.article-title', { article: after })}
          </a>
        ) : null}
      </nav>
    </LawPage>
  );
}

/** An article that is not there: the nearest ones that are. */
export function ArticleMissing({ view, instrument, asked, near }: ArticlesProps & { asked: string; near: string[] }) {
  const { t } = view;
  return (
    <LawPage view={view} title={t('law.article-missing-title')}>
      <BackLink href={`/law/${instrument.id}/articles`}>{t('law.all-articles')}</BackLink>
      <Heading
        title={t('law.article-missing-title')}
        lede={t('law.article-missing', {
          article: asked,
          instrument: shortName(view, instrument.id, instrument.title),
        })}
      />
      <ul>
        {near.map((article) => (
          <li>
            <a href={`/law/${instrument.id}/${article}`}>{t('law.article-title', { article })}</a>
          </li>
        ))}
      </ul>
    </LawPage>
  );
}
