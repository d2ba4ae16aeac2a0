ALTER TABLE `accounts` ADD `group_name` text;--> statement-breakpoint
ALTER TABLE `gateways` ADD `oauth` text;