-- One row per owner: what the whole book teaches about gaps (cadence v1, the prior of everybody).
-- key: owner_id
-- owner_id: the owner
-- people_with_gaps: people with at least one gap that counts
-- mu0: the mean of their mean ln gap, with three people of 30 days added
-- s2: the variance of ln gap within a person, pooled, with twenty degrees of 1.5 added
select
    owners.owner_id,
    count(person_gaps.person_id) as people_with_gaps,
    (
        coalesce(sum(person_gaps.mean_ln_gap::decimal(38, 20))::double, 0)
        + any_value(settings.cadence_prior_people) * ln(any_value(settings.cadence_prior_days))
    ) / (count(person_gaps.person_id) + any_value(settings.cadence_prior_people)) as mu0,
    (
        coalesce(sum(person_gaps.within_ss::decimal(38, 20))::double, 0)
        + any_value(settings.cadence_prior_df) * any_value(settings.cadence_prior_variance)
    ) / (
        coalesce(sum(person_gaps.n_gaps - 1), 0) + any_value(settings.cadence_prior_df)
    ) as s2
from raw.owners
cross join raw.settings
left join judgement.person_gaps on owners.owner_id = person_gaps.owner_id and person_gaps.n_gaps > 0
group by owners.owner_id
