/** What App.jsx loads when it is needed, in one piece: two that share code would make the bundler split what a first visit loads. */
export { DataPage } from './DataPage.jsx';
export { ImportPage } from './ImportPage.jsx';
