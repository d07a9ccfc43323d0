import { Icon } from './Icon.jsx';
import './Notice.css';

/**
 * @param {{ tone?: 'info' | 'warn' | 'bad', alert?: boolean, children: React.ReactNode, action?: React.ReactNode }} props
 */
export function Notice({ tone = 'info', alert = false, children, action }) {
  return (
    <div className={`notice notice-${tone}`} role={alert ? 'alert' : undefined}>
      <Icon name={tone === 'info' ? 'info' : 'alert'} />
      <div className="notice-text">{children}</div>
      {action && <div className="notice-action">{action}</div>}
    </div>
  );
}
