import { Component } from 'react';
import { Button } from '../ui/Button.jsx';
import { Empty } from '../ui/QueryState.jsx';

/**
 * The last resort: one broken page keeps its address, and with it its filters.
 * @extends {Component<{ children: React.ReactNode }, { error: Error | null }>}
 */
export class ErrorBoundary extends Component {
  /** @param {{ children: React.ReactNode }} props */
  constructor(props) {
    super(props);
    /** @type {{ error: Error | null }} */
    this.state = { error: null };
  }

  /** @param {Error} error */
  static getDerivedStateFromError(error) {
    return { error };
  }

  /** @override */
  render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const details = `${error.name}: ${error.message}\n${window.location.href}\n${error.stack ?? ''}`;
    return (
      <main className="page">
        <h1 className="visually-hidden">Page error</h1>
        <Empty
          title="This page broke. Your filters are kept."
          action={
            <span className="page-broken">
              <Button look="primary" onClick={() => window.location.reload()}>Reload</Button>
              <Button onClick={() => void navigator.clipboard.writeText(details)}>Copy details</Button>
            </span>
          }
        />
      </main>
    );
  }
}
