-- The rules that stand become version 1, said to be of whoever set them last.
INSERT INTO `rule_sets` (`client_id`, `number`, `rules`, `at`, `actor`, `note`)
SELECT
	`client_id`,
	1,
	json_group_array(json(`rule`)),
	coalesce(
		(SELECT max(`at`) FROM `audit` WHERE `client_id` = `earlier`.`client_id` AND `action` = 'rules-set'),
		(SELECT `created_at` FROM `clients` WHERE `id` = `earlier`.`client_id`),
		0
	),
	coalesce(
		(SELECT `actor` FROM `audit` WHERE `client_id` = `earlier`.`client_id` AND `action` = 'rules-set' ORDER BY `at` DESC, `id` DESC LIMIT 1),
		'operator'
	),
	'as they stood when rules got versions'
FROM (
	SELECT
		`client_id`,
		json_object(
			'id', `id`,
			'name', `reason`,
			'isOn', json('true'),
			'when', json_object('kind', 'address', 'of', `field`, 'matches', json_array(lower(`pattern`))),
			'then', json(CASE `verdict`
				WHEN 'reject' THEN json_object('kind', 'reject', 'text', `reason`)
				ELSE json_object('kind', `verdict`)
			END)
		) AS `rule`
	FROM `rules`
	ORDER BY `client_id`, `position`
) AS `earlier`
GROUP BY `client_id`;
