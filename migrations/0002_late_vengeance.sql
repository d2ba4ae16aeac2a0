ALTER TABLE `accounts` ADD `role` text DEFAULT 'user' NOT NULL;--> statement-breakpoint
ALTER TABLE `clients` ADD `location_hint` text;--> statement-breakpoint
ALTER TABLE `gateways` ADD `capacity_per_minute` integer;--> statement-breakpoint
ALTER TABLE `gateways` ADD `latitude` real;--> statement-breakpoint
ALTER TABLE `gateways` ADD `longitude` real;