import type { ComponentType } from 'preact';
import { Notice } from '../design/notice.js';
import { CallbacksView } from './callbacks-view.js';
import { ClockView } from './clock-view.js';
import { JournalView } from './journal-view.js';
import { PageHeader } from './page-header.js';
import { PurchasesView } from './purchases-view.js';
import { ReportView } from './report-view.js';
import type { View } from './route.js';
import { ScenarioView } from './scenario-view.js';
import { locked, route, trouble } from './state.js';
import { Tabs } from './tabs.js';
import { UnlockForm } from './unlock-form.js';

const views: Readonly<Record<View, ComponentType>> = {
  journal: JournalView,
  purchases: PurchasesView,
  callbacks: CallbacksView,
  clock: ClockView,
  scenario: ScenarioView,
  report: ReportView,
};

/** Draws the live page: who is looked at, the views, and the one that is open. */
export function LivePage() {
  const { view } = route.value;
  const Shown = views[view];
  return (
    <>
      <PageHeader />
      {!locked.value && <Tabs />}
      <main class={`view ${view}`} id="view" aria-label={view}>
        {trouble.value !== '' && <Notice tone="bad">{trouble.value}</Notice>}
        {locked.value ? <UnlockForm /> : <Shown />}
      </main>
    </>
  );
}
