CREATE TABLE `login_tries` (
	`client_id` text NOT NULL,
	`address` text NOT NULL,
	`tries` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`client_id`, `address`)
);
--> statement-breakpoint
CREATE INDEX `login_tries_until` ON `login_tries` (`until`);--> statement-breakpoint
ALTER TABLE `accounts` DROP COLUMN `failed_logins`;--> statement-breakpoint
ALTER TABLE `accounts` DROP COLUMN `locked_until`;