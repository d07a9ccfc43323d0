-- Eight sales around today. Valid in DuckDB and in Snowflake.
INSERT INTO FCT_SALES (SALE_ID, PRODUCT, REGION, AMOUNT, STAGE, CUSTOMER_NAME, SALE_DATE, STATUS) VALUES
  (1, 'Sage Intacct', 'North', 150000, 'Negotiation', 'Acme Corp', CURRENT_DATE - 15, 'Closed'),
  (2, 'Sage Intacct', 'North', 75000, 'Proposal', 'TechStart', CURRENT_DATE - 20, 'Open'),
  (3, 'Sage Payroll', 'South', 45000, 'Qualification', 'MidCorp', CURRENT_DATE - 10, 'Open'),
  (4, 'Sage HR', 'East', 30000, 'Negotiation', 'SmallBiz', CURRENT_DATE - 5, 'Closed'),
  (5, 'Sage 50', 'West', 22000, 'Prospecting', 'Startup', CURRENT_DATE - 8, 'Closed'),
  (6, 'Sage Intacct', 'North', 95000, 'Negotiation', 'BigEnterprise', CURRENT_DATE - 3, 'Closed'),
  (7, 'Sage Payroll', 'South', 42000, 'Proposal', 'RetailCo', CURRENT_DATE - 2, 'Open'),
  (8, 'Sage HR', 'West', 31000, 'Qualification', 'ServiceInc', CURRENT_DATE - 4, 'Closed');
