CREATE TABLE `filter_lists` (
	`client_id` text NOT NULL,
	`name` text NOT NULL,
	`entries` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	PRIMARY KEY(`client_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `rule_sets` (
	`client_id` text NOT NULL,
	`number` integer NOT NULL,
	`rules` text NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`note` text NOT NULL,
	PRIMARY KEY(`client_id`, `number`)
);
