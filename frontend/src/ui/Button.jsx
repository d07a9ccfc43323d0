import './Button.css';

/**
 * @param {React.ButtonHTMLAttributes<HTMLButtonElement> & { look?: 'plain' | 'outline' | 'primary' | 'icon' }} props
 */
export function Button({ look = 'outline', className = '', type = 'button', ...rest }) {
  return <button type={type} className={`button button-${look} ${className}`} {...rest} />;
}
