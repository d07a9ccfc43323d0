-- The table that the dashboard reads. Valid in DuckDB and in Snowflake. Every column may be NULL; no key is enforced.
CREATE TABLE IF NOT EXISTS FCT_SALES (
  SALE_ID DECIMAL(38,0),
  PRODUCT VARCHAR(50),
  REGION VARCHAR(20),
  AMOUNT DECIMAL(12,2),
  STAGE VARCHAR(30),
  CUSTOMER_NAME VARCHAR(100),
  SALE_DATE DATE,
  STATUS VARCHAR(20)
);
