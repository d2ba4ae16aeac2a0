/** Catches what breaks while drawing, so that nobody is left with a white page. */
import { Component, type ReactNode } from 'react';
import { ProblemNotice } from './problem-notice.tsx';

type BrokenPageProps = { readonly children: ReactNode };
type BrokenPageState = { readonly error: unknown };

export class BrokenPage extends Component<BrokenPageProps, BrokenPageState> {
  override state: BrokenPageState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BrokenPageState {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <main className="mx-auto max-w-lg p-6">
        <ProblemNotice error={this.state.error} onRetry={() => window.location.reload()} />
      </main>
    );
  }
}
