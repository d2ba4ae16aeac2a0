CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`address` text NOT NULL,
	`name` text NOT NULL,
	`source` text NOT NULL,
	`password_hash` text,
	`failed_logins` integer DEFAULT 0 NOT NULL,
	`locked_until` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_address` ON `accounts` (`client_id`,`address`);--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_client` ON `audit` (`client_id`,`at`);--> statement-breakpoint
CREATE TABLE `clients` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`pushed_version` integer NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `domains` (
	`domain` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `domains_client` ON `domains` (`client_id`);--> statement-breakpoint
CREATE TABLE `gateways` (
	`client_id` text NOT NULL,
	`position` integer NOT NULL,
	`host` text NOT NULL,
	`port` integer NOT NULL,
	`tls` text NOT NULL,
	`username` text,
	`sealed_password` text,
	PRIMARY KEY(`client_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_outage_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mailboxes_address` ON `mailboxes` (`client_id`,`address`);--> statement-breakpoint
CREATE TABLE `messages` (
	`id` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`mailbox_id` text NOT NULL,
	`folder` text NOT NULL,
	`outage_id` text NOT NULL,
	`recipient` text NOT NULL,
	`from_name` text NOT NULL,
	`from_address` text NOT NULL,
	`to_json` text NOT NULL,
	`cc_json` text NOT NULL,
	`subject` text NOT NULL,
	`preview` text NOT NULL,
	`date_ms` integer,
	`header_message_id` text,
	`received_at` integer NOT NULL,
	`size_bytes` integer NOT NULL,
	`attachment_count` integer NOT NULL,
	`part_count` integer NOT NULL,
	`content_key` text NOT NULL,
	`submission_id` text,
	`seen_at` integer
);
--> statement-breakpoint
CREATE INDEX `messages_mailbox` ON `messages` (`mailbox_id`,`folder`,`received_at`,`id`);--> statement-breakpoint
CREATE INDEX `messages_outage` ON `messages` (`outage_id`);--> statement-breakpoint
CREATE TABLE `rules` (
	`client_id` text NOT NULL,
	`position` integer NOT NULL,
	`id` text NOT NULL,
	`field` text NOT NULL,
	`pattern` text NOT NULL,
	`verdict` text NOT NULL,
	`reason` text NOT NULL,
	PRIMARY KEY(`client_id`, `position`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`account_id` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account_id`);