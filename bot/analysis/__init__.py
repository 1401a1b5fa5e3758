"""What commands compute together: series, pairs, rankings, scans, workings."""
