"""Industries: sectors and subsectors of NAICS 2022, the classification accounts, benchmarks and reference values share.

Three sectors are ranges (31-33, 44-45, 48-49), so a code is text, never a number. Codes of four to six digits are
taken when they lie in a known subsector; their own titles are not kept here.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

SECTORS: dict[str, str] = {
    "11": "Agriculture, Forestry, Fishing and Hunting",
    "21": "Mining, Quarrying, and Oil and Gas Extraction",
    "22": "Utilities",
    "23": "Construction",
    "31-33": "Manufacturing",
    "42": "Wholesale Trade",
    "44-45": "Retail Trade",
    "48-49": "Transportation and Warehousing",
    "51": "Information",
    "52": "Finance and Insurance",
    "53": "Real Estate and Rental and Leasing",
    "54": "Professional, Scientific, and Technical Services",
    "55": "Management of Companies and Enterprises",
    "56": "Administrative and Support and Waste Management and Remediation Services",
    "61": "Educational Services",
    "62": "Health Care and Social Assistance",
    "71": "Arts, Entertainment, and Recreation",
    "72": "Accommodation and Food Services",
    "81": "Other Services (except Public Administration)",
    "92": "Public Administration",
}

SUBSECTORS: dict[str, str] = {
    "111": "Crop Production",
    "112": "Animal Production and Aquaculture",
    "113": "Forestry and Logging",
    "114": "Fishing, Hunting and Trapping",
    "115": "Support Activities for Agriculture and Forestry",
    "211": "Oil and Gas Extraction",
    "212": "Mining (except Oil and Gas)",
    "213": "Support Activities for Mining",
    "221": "Utilities",
    "236": "Construction of Buildings",
    "237": "Heavy and Civil Engineering Construction",
    "238": "Specialty Trade Contractors",
    "311": "Food Manufacturing",
    "312": "Beverage and Tobacco Product Manufacturing",
    "313": "Textile Mills",
    "314": "Textile Product Mills",
    "315": "Apparel Manufacturing",
    "316": "Leather and Allied Product Manufacturing",
    "321": "Wood Product Manufacturing",
    "322": "Paper Manufacturing",
    "323": "Printing and Related Support Activities",
    "324": "Petroleum and Coal Products Manufacturing",
    "325": "Chemical Manufacturing",
    "326": "Plastics and Rubber Products Manufacturing",
    "327": "Nonmetallic Mineral Product Manufacturing",
    "331": "Primary Metal Manufacturing",
    "332": "Fabricated Metal Product Manufacturing",
    "333": "Machinery Manufacturing",
    "334": "Computer and Electronic Product Manufacturing",
    "335": "Electrical Equipment, Appliance, and Component Manufacturing",
    "336": "Transportation Equipment Manufacturing",
    "337": "Furniture and Related Product Manufacturing",
    "339": "Miscellaneous Manufacturing",
    "423": "Merchant Wholesalers, Durable Goods",
    "424": "Merchant Wholesalers, Nondurable Goods",
    "425": "Wholesale Trade Agents and Brokers",
    "441": "Motor Vehicle and Parts Dealers",
    "444": "Building Material and Garden Equipment and Supplies Dealers",
    "445": "Food and Beverage Retailers",
    "449": "Furniture, Home Furnishings, Electronics, and Appliance Retailers",
    "455": "General Merchandise Retailers",
    "456": "Health and Personal Care Retailers",
    "457": "Gasoline Stations and Fuel Dealers",
    "458": "Clothing, Clothing Accessories, Shoe, and Jewelry Retailers",
    "459": "Sporting Goods, Hobby, Musical Instrument, Book, and Miscellaneous Retailers",
    "481": "Air Transportation",
    "482": "Rail Transportation",
    "483": "Water Transportation",
    "484": "Truck Transportation",
    "485": "Transit and Ground Passenger Transportation",
    "486": "Pipeline Transportation",
    "487": "Scenic and Sightseeing Transportation",
    "488": "Support Activities for Transportation",
    "491": "Postal Service",
    "492": "Couriers and Messengers",
    "493": "Warehousing and Storage",
    "512": "Motion Picture and Sound Recording Industries",
    "513": "Publishing Industries",
    "516": "Broadcasting and Content Providers",
    "517": "Telecommunications",
    "518": "Computing Infrastructure Providers, Data Processing, Web Hosting, and Related Services",
    "519": "Web Search Portals, Libraries, Archives, and Other Information Services",
    "521": "Monetary Authorities-Central Bank",
    "522": "Credit Intermediation and Related Activities",
    "523": "Securities, Commodity Contracts, and Other Financial Investments and Related Activities",
    "524": "Insurance Carriers and Related Activities",
    "525": "Funds, Trusts, and Other Financial Vehicles",
    "531": "Real Estate",
    "532": "Rental and Leasing Services",
    "533": "Lessors of Nonfinancial Intangible Assets (except Copyrighted Works)",
    "541": "Professional, Scientific, and Technical Services",
    "551": "Management of Companies and Enterprises",
    "561": "Administrative and Support Services",
    "562": "Waste Management and Remediation Services",
    "611": "Educational Services",
    "621": "Ambulatory Health Care Services",
    "622": "Hospitals",
    "623": "Nursing and Residential Care Facilities",
    "624": "Social Assistance",
    "711": "Performing Arts, Spectator Sports, and Related Industries",
    "712": "Museums, Historical Sites, and Similar Institutions",
    "713": "Amusement, Gambling, and Recreation Industries",
    "721": "Accommodation",
    "722": "Food Services and Drinking Places",
    "811": "Repair and Maintenance",
    "812": "Personal and Laundry Services",
    "813": "Religious, Grantmaking, Civic, Professional, and Similar Organizations",
    "814": "Private Households",
    "921": "Executive, Legislative, and Other General Government Support",
    "922": "Justice, Public Order, and Safety Activities",
    "923": "Administration of Human Resource Programs",
    "924": "Administration of Environmental Quality Programs",
    "925": "Administration of Housing Programs, Urban Planning, and Community Development",
    "926": "Administration of Economic Programs",
    "927": "Space Research and Technology",
    "928": "National Security and International Affairs",
}


def _two_digit_codes() -> Iterator[tuple[str, str]]:
    for sector in SECTORS:
        first, __, last = sector.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield str(number), sector


SECTOR_OF_TWO_DIGITS: dict[str, str] = dict(_two_digit_codes())


class UnknownIndustry(ValueError):
    """Not a code of NAICS 2022; `message` says what is expected."""

    def __init__(self, code: str):
        self.message = _(
            "“%(code)s” is not an industry code of NAICS 2022: two to six digits, or a sector such as 31-33."
        ) % {"code": code[:40]}
        super().__init__(self.message)


def normalize(code: str) -> str:
    """This will return a code as it is stored: a sector ("52", "31-33" for 31, 32 and 33) or three to six digits.

    Raises UnknownIndustry when the sector or subsector does not exist.
    """
    code = code.strip()
    if code in SECTORS:
        return code
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 6):
        raise UnknownIndustry(code)
    if len(code) == 2 and code in SECTOR_OF_TWO_DIGITS:
        return SECTOR_OF_TWO_DIGITS[code]
    if code[:3] not in SUBSECTORS:
        raise UnknownIndustry(code)
    return code


def is_valid(code: str) -> bool:
    """This will say whether `normalize` takes the code."""
    try:
        normalize(code)
    except UnknownIndustry:
        return False
    return True


def sector(code: str) -> str:
    """This will return the sector a code lies in, for example "31-33" for 3254. Raises UnknownIndustry."""
    return SECTOR_OF_TWO_DIGITS[normalize(code)[:2]]


def subsector(code: str) -> str | None:
    """This will return the three-digit subsector a code lies in, None for a sector itself. Raises UnknownIndustry."""
    code = normalize(code)
    return code[:3] if code[:3] in SUBSECTORS else None


def label(code: str) -> str:
    """This will return the title of a code's subsector, for a sector its own. Raises UnknownIndustry."""
    precise = subsector(code)
    return SUBSECTORS[precise] if precise else SECTORS[sector(code)]


def subsectors(sector_code: str) -> dict[str, str]:
    """This will return the subsectors of a sector, code to title. Raises UnknownIndustry."""
    wanted = sector(sector_code)
    return {code: title for code, title in SUBSECTORS.items() if SECTOR_OF_TWO_DIGITS[code[:2]] == wanted}


def choices() -> list[tuple[str, str]]:
    """This will list the sectors as (code, title) for a form."""
    return list(SECTORS.items())


def grouped_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """This will list sectors with their subsectors for a form with groups; each sector's own code comes first."""
    return [(title, [(code, title), *subsectors(code).items()]) for code, title in SECTORS.items()]
