"""What a run gives: tables, workbook, figures and one page, from the same `ReportContent`."""
