export default {};
export class ClientObject {}
export class DomainObject {}
