/** Names of the cast: the first people by hand, the rest combined from given and family names. All are made up. */

export const DEPARTMENTS = ['Sales', 'Finance', 'IT', 'Logistics', 'Research', 'HR', 'Legal', 'Service'] as const;

/** Given name, family name and department of the people everybody meets first. */
export const LEADING_CAST: readonly (readonly [given: string, family: string, department: string])[] = [
  ['Ana', 'Reyes', 'Sales'],
  ['Ben', 'Okoro', 'IT'],
  ['Jürgen', 'Müller', 'Finance'],
  ['Chloé', 'Lefèvre', 'Legal'],
  ['Søren', 'Ødegård', 'Logistics'],
  ['Zoë', 'van Dijk', 'Research'],
  ['Łukasz', 'Wójcik', 'IT'],
  ['Priya', 'Natarajan', 'Research'],
  ['Mei', 'Tanaka', 'Sales'],
  ['Björn', 'Åkesson', 'Service'],
  ['Fatma', 'Çelik', 'HR'],
  ['Tomáš', 'Dvořák', 'Logistics'],
  ['Aoife', 'Ní Bhriain', 'Legal'],
  ['Mateus', 'Gonçalves', 'Finance'],
  ['Ingrid', 'Weiß', 'HR'],
  ['Kwame', 'Mensah', 'Sales'],
  ['Elif', 'Yıldız', 'Service'],
  ['Noah', 'Kim', 'IT'],
  ['Márta', 'Szőke', 'Finance'],
  ['Dmitri', 'Volkov', 'Research'],
  ['Nuria', 'Peña', 'Sales'],
  ['Liam', "O'Connor", 'Service'],
  ['Hanna', 'Järvinen', 'Logistics'],
  ['Omar', 'Haddad', 'Legal'],
];

export const GIVEN_NAMES: readonly string[] = [
  ...['Adam', 'Agnieszka', 'Aisha', 'Álvaro', 'Amélie', 'Amir', 'Anders', 'Anke', 'Beatriz', 'Bogdan', 'Carla', 'Cem'],
  ...['Clara', 'Daan', 'Danuta', 'David', 'Deniz', 'Eero', 'Elena', 'Emil', 'Esther', 'Fabio', 'Finn', 'Françoise'],
  ...['Gabriela', 'Goran', 'Grace', 'Günter', 'Hélène', 'Henrik', 'Hugo', 'Ines', 'Ivana', 'Jakub', 'Jana', 'João'],
  ...['Johan', 'Julia', 'Kaito', 'Karim', 'Katarína', 'Kerstin', 'Lars', 'Leila', 'Lena', 'Lucía', 'Magnus', 'Maja'],
  ...['Marek', 'Maya', 'Mikko', 'Milan', 'Nadia', 'Niamh', 'Nils', 'Nora', 'Olga', 'Oskar', 'Paolo', 'Petra'],
  ...['Rafał', 'Rosa', 'Ruth', 'Samir', 'Sanna', 'Sofia', 'Stefan', 'Tariq', 'Thérèse', 'Tuğba', 'Viktor', 'Yara'],
];

export const FAMILY_NAMES: readonly string[] = [
  ...['Abdi', 'Almeida', 'Andersson', 'Antić', 'Bakker', 'Barbieri', 'Bauer', 'Bernard', 'Björk', 'Böhm', 'Castro'],
  ...['Černý', 'Costa', 'Dahl', 'Delgado', 'Demir', 'Dubois', 'Ekström', 'Eriksen', 'Faure', 'Fernández', 'Fischer'],
  ...['Fjeld', 'Gallo', 'García', 'Groß', 'Hakimi', 'Hansen', 'Heikkinen', 'Herrera', 'Horváth', 'Ibáñez', 'Ivanov'],
  ...['Jansen', 'Kaya', 'Kowalska', 'Krüger', 'Kučera', 'Laine', 'Lindqvist', 'López', 'Marín', 'Mazur', 'Meier'],
  ...['Moreau', 'Nagy', 'Nakamura', 'Nguyen', 'Nielsen', 'Novak', 'Núñez', 'Öztürk', 'Park', 'Pereira', 'Popescu'],
  ...['Quint', 'Rahman', 'Ricci', 'Rossi', 'Sánchez', 'Schäfer', 'Silva', 'Šimić', 'Sørensen', 'Tóth', 'Vargas'],
  ...['Virtanen', 'Vogel', 'Wagner', 'Walsh', 'Zając', 'Zimmermann'],
];
