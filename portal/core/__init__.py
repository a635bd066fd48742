"""The ground that every room stands on: clock, ids, database, storage, jobs, mail transport, outbound HTTP, errors."""
