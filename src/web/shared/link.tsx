/** A real link that stays within the page on a plain click; with a modifier the browser does what people expect. */
import { type AnchorHTMLAttributes, forwardRef, type MouseEvent } from 'react';
import { navigate } from './router.ts';

/** kumo's LinkProvider passes the target twice, as `href` and as `to`, and asks for a forwardRef component. */
type LinkProps = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly to?: string };

export const Link = forwardRef<HTMLAnchorElement, LinkProps>(function Link({ to: _to, href, onClick, ...rest }, ref) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
    if (href === undefined || modified || event.defaultPrevented) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} ref={ref} href={href} onClick={follow} />;
});
