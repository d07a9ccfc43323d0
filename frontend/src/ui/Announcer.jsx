import { useEffect, useState } from 'react';
import { onAnnouncement } from '../lib/announce.js';

/** The one polite status region, there from the start. */
export function Announcer() {
  const [message, setMessage] = useState('');
  useEffect(() => onAnnouncement(setMessage), []);
  return (
    <div className="visually-hidden" role="status">
      {message}
    </div>
  );
}
