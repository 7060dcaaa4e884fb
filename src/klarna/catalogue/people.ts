import type { Address, Customer } from '../records.js';
import { type MarketCountry, marketOf } from './markets.js';

/** The sample shopper of a market, whom Klarna's playground approves. */
export interface SamplePerson {
  billing_address: Address;
  customer: Customer;
  /** The phone number that the playground denies. */
  denied_phone: string;
}

/** Given and family name, street, postal code, city, birthday, phone, denied phone, and fields of only some markets. */
type Row = [string, string, string, string, string, string, string, string, { region?: string; id?: string }?];

/**
 * The sample persons as Klarna's page of sample customer data has them (docs), apart from the e-mail. The American
 * birthday is read as month and day, which makes it the same day as nearly everywhere else.
 */
// biome-ignore format: a table, one person a line
const rows: Record<MarketCountry, Row> = {
  AU: ['Test', 'Person-au', '4 Wharf St', '4877', 'Port Douglas', '1970-07-10', '+61473752244', '+61473763254', { region: 'QLD' }],
  AT: ['Test', 'Person-at', 'Mariahilfer Straße 47', '1060', 'Wien', '1970-07-10', '+4306762600456', '+4306762600745'],
  BE: ['Test', 'Person-be', 'Grote Markt 1', '1000', 'Brussel', '1970-07-10', '+32485121291', '+32485212123'],
  CA: ['Test', 'Person-ca', '2693 Byron Rd', 'V7H 1L9', 'North Vancouver', '1970-07-10', '+15197438620', '+15197308624', { region: 'BC' }],
  CZ: ['Test', 'Person-cz', 'Zazvorkova 1480/11', '155 00', 'Praha', '1970-01-01', '+420771613715', '+420771623691'],
  DK: ['Test', 'Person-dk', 'Dantes Plads 7', '1556', 'København Ø', '1980-01-01', '+4542555628', '+4552555348'],
  FI: ['Test', 'Person-fi', 'Mannerheimintie 34', '00100', 'Helsinki', '1999-01-01', '+358401234567', '+358401234568', { id: '190122-829F' }],
  FR: ['Test', 'Person-fr', '33 rue la Fayette', '75009', 'Paris', '1990-07-10', '+33689854321', '+33687984322'],
  DE: ['Mock', 'Mock', 'Neue Schönhauser Str. 2', '10178', 'Berlin', '1970-07-10', '+49017614284340', '+49017610927312'],
  GR: ['Test', 'Person-gr', 'Kephisias 37', '151 23', 'Athina', '1960-01-01', '+306945553624', '+306945553625'],
  HU: ['Test', 'Person-hu', 'Ludovika tér 2', '1083', 'Budapest', '2000-01-01', '+36300102692', '+36705553575'],
  IE: ['Test', 'Person-ie', '30 King Street South', 'D02 C838', 'Dublin', '1970-07-10', '+353855351400', '+353855351401'],
  IT: ['Test', 'Person-it', 'Via Enrico Fermi 150', '00146', 'Roma', '1980-01-01', '+393339741231', '+393312232389', { id: 'RSS BNC 80A41 H501B' }],
  MX: ['Test', 'Person-mx', 'Av Cuauhtémoc 462 Col Piedad Narvarte', '03000', 'Benito Juárez', '1970-07-10', '+525593747739', '+525593747740', { region: 'CDMX' }],
  NL: ['Test', 'Person-nl', 'Osdorpplein 137', '1068 SR', 'Amsterdam', '1970-07-10', '+31689124321', '+31632167678'],
  NZ: ['Test', 'Person-nz', '286 Mount Wellington Highway', '6011', 'Auckland', '1970-07-10', '+6427555290', '+642993007712'],
  NO: ['Jane', 'Test', 'Edvard Munchs Plass 1', '0194', 'Oslo', '1970-08-01', '+4740123456', '+4740123457', { id: 'NO01087000571' }],
  PL: ['Test', 'Person-pl', 'Ul. Górczewska 124', '01-460', 'Warszawa', '1967-05-05', '+48795222223', '+48795223325'],
  PT: ['Test', 'Person-pt', 'Avenida Dom João II 40', '1990-094', 'Lisboa', '1990-07-10', '+351935556731', '+351915593837'],
  RO: ['Test', 'Person-ro', 'Drumul Taberei 35', '061357', 'București', '1970-12-25', '+40741209876', '+40707127444', { region: 'Sectorul 6', id: '1701225193558' }],
  SK: ['Test', 'Person-sk', 'Vajanského nábrežie 2', '810 06', 'Bratislava', '2000-01-01', '+421905123456', '+421905123457', { id: '000101/0009' }],
  ES: ['Test', 'Person-es', 'C. de Atocha, 27', '28012', 'Madrid', '1970-07-10', '+34672563009', '+34682425101', { id: '99999999R' }],
  SE: ['Alice', 'Test', 'Södra Blasieholmshamnen 2', '11 148', 'Stockholm', '1941-03-21', '+46701740615', '+46701740620', { id: 'SE194103219202' }],
  CH: ['Accepted', 'Person-ch', 'Augustinergasse 2', '4051', 'Basel', '1990-01-01', '+41758680000', '+41758680001'],
  GB: ['Test', 'Person-uk', '10 New Burlington Street Apt. 214', 'W1S 3BE', 'London', '1970-07-10', '+447755564318', '+447355505530'],
  US: ['Test', 'Person-us', '509 Amsterdam Ave', '10024-3941', 'New York', '1970-07-10', '+13106683312', '+13106354386', { region: 'NY' }],
};

/**
 * Returns a new copy of the sample person of a market; undefined outside the 26. The e-mail has the newest of Klarna's
 * test forms.
 */
export function samplePerson(country: MarketCountry): SamplePerson;
export function samplePerson(country: string | undefined): SamplePerson | undefined;
export function samplePerson(country: string | undefined): SamplePerson | undefined {
  const market = marketOf(country);
  if (!market) return undefined;
  const row = rows[market.country as MarketCountry];
  const [given_name, family_name, street_address, postal_code, city, date_of_birth, phone, denied_phone, more] = row;
  const billing_address: Address = {
    given_name,
    family_name,
    email: `customer+${market.country.toLowerCase()}@klarna.com`,
    street_address,
    postal_code,
    city,
    ...(more?.region && { region: more.region }),
    phone,
    country: market.country,
  };
  const customer: Customer = {
    type: 'person',
    date_of_birth,
    ...(more?.id && { national_identification_number: more.id }),
  };
  return { billing_address, customer, denied_phone };
}
