-- Rare categories and frameworks are listed from here, not by reading every version.
CREATE INDEX versions_by_category ON versions (category);
CREATE INDEX versions_by_framework ON versions (framework) WHERE framework IS NOT NULL;
